import type { Event } from '../../domain/event.ts';
import { accessLayout } from './access.ts';
import type { Body, Edition, Head } from './edition.ts';
import { entityLayout } from './entity.ts';
import { analysisLayout, complianceLayout, detectionLayout } from './findings.ts';
import { inventoryLayout } from './inventory.ts';
import type { LayOut, Layout } from './layout.ts';
import { errorLayout, lifecycleLayout, scanLayout } from './operations.ts';
import { userLayout } from './user.ts';

const LAYOUTS: Readonly<Record<Body, LayOut>> = {
  inventory: inventoryLayout,
  access: accessLayout,
  user: userLayout,
  entity: entityLayout,
  compliance: complianceLayout,
  analysis: analysisLayout,
  detection: detectionLayout,
  scan: scanLayout,
  lifecycle: lifecycleLayout,
  error: errorLayout,
};

export function layOut(edition: Edition, { body }: Head, event: Event): Layout {
  return LAYOUTS[body](event, edition);
}
