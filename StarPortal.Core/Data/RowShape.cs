using System.Globalization;
using Microsoft.EntityFrameworkCore.Storage;

namespace StarPortal.Core.Data;

/// <summary>A kind of statement: the same columns of one table, whatever the row. Its texts are made once, and so is what the database prepares for them.</summary>
internal sealed class RowShape
{
    private readonly RowColumn[] set;
    private readonly RowColumn[] same;

    private RowShape(RowColumn[] set, RowColumn[] same, ISqlGenerationHelper sql)
    {
        (this.set, this.same) = (set, same);
        Columns = [.. set, .. same];
        Names = [.. Columns.Select((_, i) => sql.GenerateParameterName(string.Create(CultureInfo.InvariantCulture, $"p{i}")))];
    }

    /// <summary>For one row: a parameter for each of <see cref="Columns"/>.</summary>
    public required string Text { get; init; }

    /// <summary>For many rows where the database knows arrays (PostgreSQL): a parameter for each of <see cref="Columns"/>, with the values of all rows.</summary>
    public required string ArrayText { get; init; }

    public IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>Of the parameters.</summary>
    public IReadOnlyList<string> Names { get; }

    public static RowShape Insert(string table, RowColumn[] columns, ISqlGenerationHelper sql)
    {
        var (into, names) = ($"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))})", string.Join(", ", columns.Select((_, i) => Parameter(sql, i))));
        return new RowShape(columns, [], sql) { Text = $"{into} VALUES ({names})", ArrayText = $"{into} SELECT * FROM unnest({names})" };
    }

    /// <param name="same">Have to be as they were.</param>
    /// <param name="none">Have to be null, as they were.</param>
    public static RowShape Update(string table, RowColumn[] set, RowColumn[] same, RowColumn[] none, ISqlGenerationHelper sql)
    {
        var count = set.Length + same.Length;
        var (parameters, fields) = (Enumerable.Range(0, count).Select(i => Parameter(sql, i)).ToArray(), Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"v.c{i}")).ToArray());
        return new RowShape(set, same, sql)
        {
            Text = $"UPDATE {table} SET {Assign(parameters)} WHERE {Compare("", parameters)}",
            ArrayText = $"UPDATE {table} AS r SET {Assign(fields)} FROM unnest({string.Join(", ", parameters)}) AS v({string.Join(", ", fields.Select(field => field[2..]))}) WHERE {Compare("r.", fields)}",
        };

        string Assign(string[] values) => string.Join(", ", set.Select((column, i) => $"{column.Name} = {values[i]}"));
        string Compare(string row, string[] values) => string.Join(" AND ",
            [.. same.Select((column, i) => $"{row}{column.Name} = {values[set.Length + i]}"), .. none.Select(column => $"{row}{column.Name} IS NULL")]);
    }

    public RowStatement Fill(object before, object after)
    {
        var values = new object?[Columns.Count];
        for (var i = 0; i < set.Length; i++) values[i] = set[i].Read(after);
        for (var i = 0; i < same.Length; i++) values[set.Length + i] = same[i].Read(before);
        return new RowStatement(this, values);
    }

    private static string Parameter(ISqlGenerationHelper sql, int index) => sql.GenerateParameterName(string.Create(CultureInfo.InvariantCulture, $"p{index}"));
}

/// <summary>One row's statement.</summary>
/// <param name="Values">Of <see cref="RowShape.Columns"/>, as the entity has them.</param>
internal sealed record RowStatement(RowShape Shape, object?[] Values);
