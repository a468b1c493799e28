/* The page's policy asks for Trusted Types. The default policy lets plain text through (style text,
 * emptying an element) and refuses anything that could be markup. Imported before everything else. */
interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

const factory = (window as { trustedTypes?: PolicyFactory }).trustedTypes;

factory?.createPolicy('default', {
  createHTML(text) {
    if (/[<>]/.test(text)) {
      throw new TypeError('markup is never built from text');
    }
    return text;
  },
});

export {};
