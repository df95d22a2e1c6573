using System.Text.Json;
using System.Text.Json.Serialization;

namespace StarPortal.Core.MyProxy;

/// <summary>What the two portals say to each other. Names are <see cref="CredentialKey.Hash"/>.</summary>
internal static class MirrorJson
{
    /// <summary>Octets of a question.</summary>
    public const int MaxQuestion = 1024 * 1024;

    /// <summary>Octets of an answer.</summary>
    public const int MaxAnswer = 2 * 1024 * 1024;

    /// <summary>Names in a page of the inventory.</summary>
    public const int PageSize = 5_000;

    /// <summary>Changes in one question, of each kind.</summary>
    public const int MaxChanges = 500;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, NumberHandling = JsonNumberHandling.Strict, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };
}

/// <param name="Skip">Names that are known from the pages before.</param>
internal sealed record MirrorInventoryQueryJson(int Skip);

/// <param name="IsLast">Whether no page follows.</param>
internal sealed record MirrorInventoryJson(IReadOnlyList<MirrorHoldingJson> Holdings, bool IsLast);

/// <param name="Digest">Empty: it was changed there.</param>
internal sealed record MirrorHoldingJson(string Name, string Digest);

/// <param name="Sealed">See <see cref="MirrorEnvelope"/>.</param>
internal sealed record MirrorEntryJson(string Name, string Digest, byte[] Sealed);

internal sealed record MirrorChangesJson(IReadOnlyList<MirrorEntryJson> Store, IReadOnlyList<string> Remove);

/// <param name="Refused">What was not done; all else was.</param>
internal sealed record MirrorResultJson(IReadOnlyList<MirrorRefusalJson> Refused);

internal sealed record MirrorRefusalJson(string Name, string Reason);
