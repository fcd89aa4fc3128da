export * from './read-shape.ts';
export * from './read-yaml.ts';
