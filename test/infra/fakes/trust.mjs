/** Stands in for the ceremony: it is told where keys lie and what hosts pin. */
for (const option of ['develop', '--folder', '--pin'])
  if (!process.argv.includes(option)) throw new Error(`${option} is missing`);
console.log('made');
