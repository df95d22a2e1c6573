using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Tests.Support;

/// <summary>Everything that the database holds, a hash a table: equal before and after means that nothing was changed.</summary>
internal static class DatabaseDigest
{
    /// <summary>What the portal writes by itself, whoever asks for what: the schedule, what it publishes, its key ring.</summary>
    private static readonly string[] Own = ["JobLeases", "JobRuns", "PublishedCrls", "OcspSigners", "KeyRing", "__EFMigrationsHistory", "__EFMigrationsLock"];

    /// <summary>Table → SHA-256 over its rows, in the order of all their columns.</summary>
    public static async Task<SortedDictionary<string, string>> OfAsync(PortalDbContext db)
    {
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var connection = db.Database.GetDbConnection();
        var digest = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct(StringComparer.Ordinal).Except(Own, StringComparer.Ordinal))
            digest[table] = await OfTableAsync(connection, table);
        return digest;
    }

    private static async Task<string> OfTableAsync(DbConnection connection, string table)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are the model's own.
        command.CommandText = $"SELECT * FROM \"{table}\"";
#pragma warning restore CA2100
        List<string> rows = [];
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(string.Join('\u001f', Enumerable.Range(0, reader.FieldCount).Select(column => Text(reader.GetValue(column)))));
        rows.Sort(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001e', rows))));
    }

    private static string Text(object value) => value is byte[] bytes ? Convert.ToHexStringLower(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
