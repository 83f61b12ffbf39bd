/** The default export of a CommonJS module, as `import()` gives it: Node hands over the module around it, other loaders do not. */
export function unwrapped<T>(module: { readonly default: { readonly default: T } }): T {
  const outer: unknown = module.default;
  // Both shapes are seen in the wild, and the types know only Node's.
  return (typeof outer === 'function' ? outer : module.default.default) as T;
}
