using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>The database's tables as they lie there, without the product's model of them.</summary>
internal sealed class Ledger(PortalDbContext db) : IAsyncDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<IReadOnlyList<Entry>> ReadAsync(string table)
    {
        List<Entry> entries = [];
        await foreach (var entry in EachAsync(table)) entries.Add(entry);
        return entries;
    }

    public async Task<IReadOnlyList<string>> TablesAsync()
    {
        var catalogue = db is PostgreSqlPortalDbContext
            ? "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
        List<string> names = [];
        await foreach (var entry in RunAsync(catalogue)) names.Add(entry.Text("name")!);
        return names;
    }

    public IAsyncEnumerable<Entry> EachAsync(string table) => RunAsync($"SELECT * FROM \"{table}\"");

    public ValueTask DisposeAsync() => db.DisposeAsync();

    private async IAsyncEnumerable<Entry> RunAsync(string sql)
    {
        await db.Database.OpenConnectionAsync(Ct);
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The names are the database's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct)) yield return Entry.Of(reader);
    }
}

/// <summary>A row: on SQLite identifiers are text and instants ticks.</summary>
internal sealed class Entry
{
    private readonly Dictionary<string, object?> values = new(StringComparer.Ordinal);

    public IEnumerable<string> Texts => values.Values.OfType<string>();

    public static Entry Of(DbDataReader reader)
    {
        var entry = new Entry();
        for (var column = 0; column < reader.FieldCount; column++) entry.values[reader.GetName(column)] = reader.IsDBNull(column) ? null : reader.GetValue(column);
        return entry;
    }

    public string? Text(string column) => (string?)values[column];

    public int Number(string column) => Convert.ToInt32(values[column], System.Globalization.CultureInfo.InvariantCulture);

    public Guid? Id(string column) => values[column] switch { null => null, Guid id => id, var text => Guid.Parse((string)text) };

    public DateTimeOffset? At(string column) => values[column] switch
    {
        null => null,
        long ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        DateTime instant => new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc)),
        var other => throw new InvalidOperationException($"{column} holds {other}."),
    };
}
