export { askFor, type Service } from './ask.ts';
export { checkExpectation, type Asked, type Checked } from './check.ts';
export { addressFor, findEndpoint, hostWith, nameOf, type Endpoint } from './endpoint.ts';
export { surveyPairs, whatDiffers, type Difference, type Pair, type Survey } from './pairs.ts';
export { movedTraffic, sameWay, type MovedTraffic } from './route-difference.ts';
export { isStranger, worldOf, worldWith } from './stranger.ts';
export { worldWithVisitor, type Visited } from './visitor.ts';
