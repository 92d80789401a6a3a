import tseslint from 'typescript-eslint';
import { houseImports } from './infra/lint/houseImports.mjs';

const house = { rules: { imports: houseImports } };

const strict = tseslint.config({
  files: ['**/*.ts', '**/*.tsx'],
  extends: [tseslint.configs.recommended],
  plugins: { house },
  languageOptions: { parserOptions: { projectService: true } },
  rules: {
    'house/imports': 'error',
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/only-throw-error': 'error',
    eqeqeq: 'error',
    'no-console': 'error',
    'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    complexity: ['error', 14],
  },
});

const scripts = tseslint.config({ files: ['**/*.mjs'], extends: [tseslint.configs.recommended] });

export default [
  { ignores: ['dist/', 'web/dist/', '.spillway/', 'node_modules/', '**/*.cjs', 'test/fixtures/'] },
  ...strict,
  ...scripts,
  {
    files: ['test/**', 'bench/**', 'web/**/*.tsx'],
    rules: { 'max-lines-per-function': 'off', 'house/imports': 'off' },
  },
  { files: ['web/**'], plugins: { house }, rules: { 'house/imports': 'error' } },
];
