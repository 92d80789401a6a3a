/** Stands in for the migrations: they have a database to go to, or fail. */
if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is missing');
console.log('migrated');
