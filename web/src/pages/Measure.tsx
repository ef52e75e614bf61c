export function Measures() { return null; } export function MeasurePage(_: {name: string}) { return null; }
