export function Complexity() { return null; } export function Opportunities(_: {a?: string; b?: string}) { return null; }
