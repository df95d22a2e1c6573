using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Something to be done at one other side before the next night.</summary>
/// <param name="Target">One of <see cref="MirrorSites.Targets"/>.</param>
/// <param name="Keys">Of these credentials; null: a whole run.</param>
/// <param name="Certificates">Also of those with one of these certificates, whose names are looked up then.</param>
internal sealed record MirrorErrand(string Target, IReadOnlyList<CredentialKey>? Keys, IReadOnlyList<Guid>? Certificates = null)
{
    /// <summary>Of the outbox, and the job's name.</summary>
    public const string Kind = "myproxy-mirror";

    /// <summary>How the keys of whole runs begin.</summary>
    public static string RunsOf(string target) => $"run/{target}/";

    public OutboxItem ToItem(DateTimeOffset now) => OutboxItem.For(Kind, $"{(Keys is null ? RunsOf(Target) : $"some/{Target}/")}{SecureTokens.NewId():N}", this, now);
}
