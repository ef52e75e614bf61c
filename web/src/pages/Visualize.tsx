export function Visualize(_: {path: string[]}) { return null; }
