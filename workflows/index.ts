export { release } from './release';
export { rollout } from './rollouts/rollout';
