/**
 * The name of a field in state dicts and listings, as PyTorch has it: `runningMean` is
 * `running_mean`, `weightIhL0` is `weight_ih_l0`.
 */
export function stateName(field: string): string {
  return field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}
