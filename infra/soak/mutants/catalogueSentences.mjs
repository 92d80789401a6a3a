const BUILDERS = ['entry', 'ours'];

/**
 * Leaves the titles and next steps of core/errors alone: a sentence cannot be wrong in a way that a mutant
 * shows. What holds for all of them is tested by test/core/errors/catalogue; codes, statuses and classes of
 * the same entries are mutated like everything else.
 */
const ignoreSentences = {
  shouldIgnore(path) {
    const call = path.parent;
    const isSentence =
      path.isStringLiteral() && call?.type === 'CallExpression' && BUILDERS.includes(call.callee.name);
    return isSentence ? 'A sentence of the catalogue of errors.' : undefined;
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'catalogue-sentences', value: ignoreSentences }];
