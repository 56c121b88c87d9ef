import js from "@eslint/js";
import globals from "globals";

const PAGE = ["app/pages/frontend/*.js"];

// No class of ours is called as one of the browser's ("Selection", "History", "Range"). What begins
// with a small letter ("name", "open", "top") is too common a word to be left to the window.
const NOT_CLASSES = Object.keys(globals.browser).filter((name) => !/^[A-Z]/.test(name));

// Text from photos, folders and tags must never become HTML.
const WRITES_HTML = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "srcdoc",
  "createContextualFragment", "parseFromString", "write", "writeln"];

export default [
  { ignores: [".venv*/", "build/", "dist/"] },
  js.configs.recommended,
  {
    rules: {
      "eqeqeq": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-implicit-coercion": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-throw-literal": "error",
      "no-unused-expressions": "error",
      "default-case-last": "error",
      "max-lines": ["error", 250],
    },
  },
  {
    files: PAGE,
    languageOptions: { globals: globals.browser },
    rules: {
      "no-shadow": ["error", { builtinGlobals: true, allow: NOT_CLASSES }],
      "no-restricted-properties": ["error", ...WRITES_HTML.map((property) => ({
        property, message: "Nothing here writes HTML; see dom.js." }))],
    },
  },
  { files: ["tests/frontend/*.js", "*.js"], languageOptions: { globals: globals.node } },
];
