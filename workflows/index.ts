export { release } from './release';
export { rollout } from './rollout';
