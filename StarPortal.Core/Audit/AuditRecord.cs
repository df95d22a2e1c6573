using System.Security.Cryptography;
using System.Text.Json;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Audit;

/// <summary>
/// One state change. Added in the transaction of the change; numbered and chained to the record before it by <see cref="AuditChain"/>
/// as that transaction is saved, so that an edited, removed or reordered record breaks every hash after it.
/// </summary>
public sealed class AuditRecord
{
    private AuditRecord()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>1, 2, 3 … without a gap; 0 until saved.</summary>
    public long Sequence { get; private set; }

    /// <summary>To the millisecond: what is hashed has to survive every database's own precision.</summary>
    public DateTimeOffset At { get; private set; }

    public AuditAction Action { get; private set; }

    public Guid? ActorId { get; private set; }

    public string ActorName { get; private set; } = "";

    public string? ActorAddress { get; private set; }

    /// <summary>The kind of thing it was done to, such as <c>request</c> or <c>certificate</c>.</summary>
    public string ObjectType { get; private set; } = "";

    public string ObjectId { get; private set; } = "";

    /// <summary>What a reader wants to know besides: a reason, a count, a name. Never a secret.</summary>
    public string? Detail { get; private set; }

    /// <summary>SHA-256 of the record before, in lower-case hex; 64 zeros for the first.</summary>
    public string PreviousHash { get; private set; } = "";

    /// <summary>SHA-256 over <see cref="PreviousHash"/> and every field, in lower-case hex.</summary>
    public string Hash { get; private set; } = "";

    public static AuditRecord Of(AuditAction action, Actor actor, string objectType, string objectId, DateTimeOffset now, string? detail = null) => new()
    {
        At = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
        Action = action,
        ActorId = actor.Id,
        ActorName = actor.Name,
        ActorAddress = actor.Address,
        ObjectType = objectType,
        ObjectId = objectId,
        Detail = detail is { Length: > 2000 } ? detail[..2000] : detail,
    };

    public static AuditRecord Of(AuditAction action, Actor actor, string objectType, Guid objectId, DateTimeOffset now, string? detail = null) =>
        Of(action, actor, objectType, objectId.ToString(), now, detail);

    /// <summary>The hash that this record must have: SHA-256 over the JSON array of its fields, the previous hash first.</summary>
    public string ComputeHash() => ComputeHashAs(Sequence);

    /// <summary>The hash that this record would have under another number: tells a moved record from an edited one.</summary>
    internal string ComputeHashAs(long sequence) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new object?[]
    {
        PreviousHash, sequence, At.ToUnixTimeMilliseconds(), Action.ToString(), ActorId, ActorName, ActorAddress, ObjectType, ObjectId, Detail,
    })));

    /// <summary>A record as an export has it, to be verified; never saved.</summary>
    internal static AuditRecord Restore(AuditRecordJson json) => new()
    {
        Sequence = json.Sequence,
        At = json.At,
        Action = json.Action,
        ActorId = json.ActorId,
        ActorName = json.ActorName,
        ActorAddress = json.ActorAddress,
        ObjectType = json.ObjectType,
        ObjectId = json.ObjectId,
        Detail = json.Detail,
        PreviousHash = json.PreviousHash,
        Hash = json.Hash,
    };

    internal void Seal(long sequence, string previousHash)
    {
        (Sequence, PreviousHash) = (sequence, previousHash);
        Hash = ComputeHash();
    }
}
