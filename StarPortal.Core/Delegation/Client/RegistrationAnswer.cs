namespace StarPortal.Core.Delegation;

/// <summary>What the owner's portal says about a registration.</summary>
public abstract record RegistrationAnswer
{
    private RegistrationAnswer()
    {
    }

    /// <param name="Completion">Where to ask on.</param>
    /// <param name="Wait">How long the portal wants to be left alone; null: it does not say.</param>
    public sealed record Pending(Uri Completion, TimeSpan? Wait) : RegistrationAnswer;

    /// <param name="Certificate">The star-certificate URL.</param>
    public sealed record Valid(Uri Certificate) : RegistrationAnswer;

    /// <summary>It will come to nothing.</summary>
    public sealed record Failed(string Reason) : RegistrationAnswer;

    /// <summary>Something that may pass.</summary>
    public sealed record Later(string Trouble, TimeSpan? Wait) : RegistrationAnswer;
}
