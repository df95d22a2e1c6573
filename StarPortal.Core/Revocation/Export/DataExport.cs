using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>Everything that is kept about the person who asks, as one JSON object: each property is a table, each with its newest rows. No secret is in it.</summary>
public sealed class DataExport(IDbContextFactory<PortalDbContext> contexts, AttemptThrottle throttle, TimeProvider clock)
{
    /// <summary>Of each table; a longer one says so.</summary>
    public const int MaxRows = 10_000;

    /// <summary>Files that one person gets in an hour from one node.</summary>
    public const int PerHour = 5;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(), new SerialNumberText() },
    };

    /// <returns>UTF-8.</returns>
    /// <exception cref="ServiceException">Unauthenticated; TooMany.</exception>
    public async Task<byte[]> MakeAsync(Actor actor, CancellationToken ct)
    {
        var userId = actor.RequireSignedIn();
        throttle.Spend($"export:{userId}", PerHour, TimeSpan.FromHours(1));
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.DataExported, actor, "user", userId, now));
        await db.SaveChangesAsync(ct);

        var person = await FindAsync(db, userId, ct);
        var file = new Dictionary<string, object>(StringComparer.Ordinal) { ["madeAt"] = now, ["userName"] = person.UserName };
        foreach (var table in ExportedTables.All)
        {
            var rows = await table.Rows(db, person).Take(MaxRows + 1).ToListAsync(ct);
            file[table.Name] = rows.Take(MaxRows);
            if (rows.Count > MaxRows) file[$"{table.Name}Left"] = $"Only the newest {MaxRows} are here.";
        }

        return JsonSerializer.SerializeToUtf8Bytes(file, Format);
    }

    private static async Task<ExportedPerson> FindAsync(PortalDbContext db, Guid userId, CancellationToken ct)
    {
        var user = await db.Users.AsNoTracking().Where(candidate => candidate.Id == userId).Select(candidate => new { candidate.UserName, candidate.Email }).SingleOrDefaultAsync(ct)
            ?? throw AccountErrors.UserNotFound();
        var requests = await db.EnrollmentRequests.Where(request => request.UserId == userId).OrderByDescending(request => request.SubmittedAt).Take(MaxRows).Select(request => request.Id).ToListAsync(ct);
        var serials = await db.IssuedCertificates.Where(certificate => certificate.UserId == userId).OrderByDescending(certificate => certificate.IssuedAt).Take(MaxRows).Select(certificate => certificate.SerialNumber).ToListAsync(ct);
        return new(userId, user.UserName!, user.Email, [$"{userId}", .. requests.Select(id => $"{id}"), .. serials.Select(serial => $"{serial}")]);
    }

    private sealed class SerialNumberText : JsonConverter<SerialNumber>
    {
        public override SerialNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => SerialNumber.Parse(reader.GetString());

        public override void Write(Utf8JsonWriter writer, SerialNumber value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
