namespace StarPortal.Core.Acme;

/// <summary>Runs one validation within its time and makes an outcome of however it ends.</summary>
internal static class ValidationRun
{
    /// <param name="validate">Returns what to say of success; throws <see cref="ValidationFailedException"/> otherwise.</param>
    public static async Task<ValidationOutcome> RunAsync(TimeSpan timeout, Func<ValidationTrace, CancellationToken, Task<string>> validate, CancellationToken ct)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(timeout);
        var trace = new ValidationTrace();
        try
        {
            return ValidationOutcome.Valid(await validate(trace, bound.Token), trace.Lines);
        }
        catch (ValidationFailedException failure)
        {
            return ValidationOutcome.Invalid(failure.Problem, failure.Message, trace.Lines);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var last = trace.Last is { } step ? $" It was given up after this step: {step}." : "";
            return ValidationOutcome.Invalid(AcmeProblemType.Connection, $"The validation did not come to an end within {timeout.TotalSeconds:0.#} seconds.{last}", trace.Lines);
        }
    }
}
