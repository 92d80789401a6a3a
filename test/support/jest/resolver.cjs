// Some packages declare only an "import" export condition: where the ordinary
// resolution fails, try once more with that condition instead of "require".
// A dynamic import names its TypeScript file with ".js", as Node's resolution wants it.
const asSource = (request) => (request.startsWith('.') ? request.replace(/\.js$/, '') : request);

module.exports = function resolve(request, options) {
  try {
    return options.defaultResolver(request, options);
  } catch (error) {
    const conditions = (options.conditions ?? []).filter((name) => name !== 'require');
    try {
      return options.defaultResolver(asSource(request), {
        ...options,
        conditions: [...conditions, 'import'],
      });
    } catch {
      throw error;
    }
  }
};
