/* The little of a browser that modules touch while they are loaded. */
Object.assign(globalThis, { window: { location: { origin: 'http://127.0.0.1' } } });
