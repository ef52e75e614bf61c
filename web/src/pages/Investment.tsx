export function Investment() { return null; }
