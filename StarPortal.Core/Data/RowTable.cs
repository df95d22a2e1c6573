using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace StarPortal.Core.Data;

/// <summary>
/// Statements for an entity's rows in one of its tables. Columns, conversions and types come from EF's model, so that a row is the same whoever
/// wrote it. One caller at a time.
/// </summary>
internal sealed class RowTable
{
    private readonly ISqlGenerationHelper sql;
    private readonly string name;
    private readonly RowColumn[] columns;
    private readonly RowShape insert;
    private readonly Dictionary<(ulong Changed, ulong NullTokens), RowShape> updates = [];

    private RowTable(ITableMapping table, ISqlGenerationHelper sql)
    {
        this.sql = sql;
        name = sql.DelimitIdentifier(table.Table.Name, table.Table.Schema);
        columns = [.. table.ColumnMappings.Select(mapping => new RowColumn(mapping, sql))];
        if (columns.Length > 64) throw new NotSupportedException($"{name} has more columns than there are bits.");
        insert = RowShape.Insert(name, columns, sql);
    }

    /// <param name="entity">Its properties are all fields of the class, and none is made by the database.</param>
    public static RowTable[] Of(IEntityType entity, ISqlGenerationHelper sql) => [.. entity.GetTableMappings().Select(table => new RowTable(table, sql))];

    /// <returns>Null when the table's columns are as they were.</returns>
    public RowStatement? Write(RowChange change) => change.Before is { } before ? Update(before, change.After) : insert.Fill(change.After, change.After);

    private RowStatement? Update(object before, object after)
    {
        var (changed, nullTokens) = (0UL, 0UL);
        for (var i = 0; i < columns.Length; i++)
        {
            var (column, was) = (columns[i], columns[i].Read(before));
            if (!column.IsKey && !Equals(was, column.Read(after))) changed |= 1UL << i;
            if (column.IsToken && was is null) nullTokens |= 1UL << i;
        }

        if (changed == 0) return null;
        if (!updates.TryGetValue((changed, nullTokens), out var update)) updates[(changed, nullTokens)] = update = ShapeOf(changed, nullTokens);
        return update.Fill(before, after);
    }

    private RowShape ShapeOf(ulong changed, ulong nullTokens) => RowShape.Update(name,
        [.. columns.Where((_, i) => Has(changed, i))],
        [.. columns.Where((column, i) => (column.IsKey || column.IsToken) && !Has(nullTokens, i))],
        [.. columns.Where((_, i) => Has(nullTokens, i))], sql);

    private static bool Has(ulong set, int index) => (set >> index & 1) != 0;
}
