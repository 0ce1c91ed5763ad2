// Stands for `import.meta.url` in the CommonJS bundle; left out where nothing asks for it.
export const importMetaUrl = /* @__PURE__ */ require("node:url").pathToFileURL(__filename).href;
