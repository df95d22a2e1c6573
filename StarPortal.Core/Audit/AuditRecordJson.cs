using System.Text.Json;
using System.Text.Json.Serialization;

namespace StarPortal.Core.Audit;

/// <summary>A record in an export: every field that the hash covers, so that the file can be verified without the portal.</summary>
public sealed record AuditRecordJson(
    long Sequence, DateTimeOffset At, AuditAction Action, Guid? ActorId, string ActorName, string? ActorAddress, string ObjectType, string ObjectId,
    string? Detail, string PreviousHash, string Hash)
{
    /// <summary>Camel case, actions by name, unknown fields refused: what nobody hashed has no place in the file.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public static AuditRecordJson Of(AuditRecord record) => new(
        record.Sequence, record.At.ToUniversalTime(), record.Action, record.ActorId, record.ActorName, record.ActorAddress, record.ObjectType, record.ObjectId,
        record.Detail, record.PreviousHash, record.Hash);
}
