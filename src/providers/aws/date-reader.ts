/** One layer of the SDK's stack: it sees each answer as it came. */
type Layer = <Args, Result extends { readonly response: unknown }>(
  next: (args: Args) => Promise<Result>,
) => (args: Args) => Promise<Result>;

/** The SDK corrects its own clock silently: what the other side's said is read here. */
export function dateReader(heard: (date: unknown) => void): Layer {
  return (next) => async (args) => {
    try {
      const result = await next(args);
      heard(dateOf(result.response));
      return result;
    } catch (error) {
      heard(dateOf((error as { readonly $response?: unknown }).$response)); // of the SDK's errors that are answers
      throw error;
    }
  };
}

function dateOf(response: unknown): unknown {
  const { headers } = (response ?? {}) as { readonly headers?: Readonly<Record<string, unknown>> }; // an HttpResponse, or none
  return headers?.['date'];
}
