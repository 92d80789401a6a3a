import { runStack } from './runStack';

/** `npm start`: the whole stack on one machine, until Ctrl-C. */
runStack();
