export function ProductPage(_: {code: string}) { return null; }
