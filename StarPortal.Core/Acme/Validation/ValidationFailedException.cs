namespace StarPortal.Core.Acme;

/// <summary>Ends a validation from any depth; <see cref="ValidationRun"/> makes the outcome of it. The message is safe to show: whole sentences, nothing of a body.</summary>
internal sealed class ValidationFailedException(AcmeProblemType problem, string detail) : Exception(detail)
{
    public AcmeProblemType Problem { get; } = problem;
}
