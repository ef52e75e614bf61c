export function Study(_: {id?: string}) { return null; }
