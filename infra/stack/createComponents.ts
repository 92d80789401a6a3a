import type { Component, ComponentHooks, ComponentSpec } from './component';
import { postgresComponent } from './components/database';
import { hostComponents, identitiesComponent } from './components/hosts';
import {
  apiComponent,
  codecComponents,
  migrationsComponent,
  objectsComponents,
  webComponent,
  workerComponent,
} from './components/product';
import { signerComponent, trustComponent } from './components/trust';
import { temporalComponent } from './components/temporal';
import type { StackContext } from './context';
import { Service } from './service';
import { createTask } from './task';

/** The stack, in the order in which it is shown; what waits for what is said by each component. */
export function createComponents(context: StackContext, hooks: ComponentHooks): Component[] {
  const specs: ComponentSpec[] = [
    postgresComponent(context),
    temporalComponent(context),
    ...objectsComponents(context),
    ...codecComponents(context),
    migrationsComponent(context),
    trustComponent(context),
    apiComponent(context),
    workerComponent(context),
    signerComponent(context),
    webComponent(context),
    identitiesComponent(context),
    ...hostComponents(context),
  ];
  return specs.map((spec) => (spec.kind === 'service' ? new Service(spec, hooks) : createTask(spec, hooks)));
}
