export { ifupdownHas, ifupdownWith } from './keep.ts';
export { persistWithIfupdown } from './print.ts';
export { ifupdownRoutes } from './route-dialect.ts';
