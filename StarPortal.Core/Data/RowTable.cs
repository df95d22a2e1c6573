using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace StarPortal.Core.Data;

/// <summary>
/// SQL for an entity's rows in one of its tables. Columns, conversions and types come from EF's model, so that a row is the same whoever
/// wrote it.
/// </summary>
internal sealed class RowTable
{
    private readonly ISqlGenerationHelper sql;
    private readonly RowColumn[] columns;
    private readonly string name;
    private readonly string insert;

    private RowTable(ITableMapping table, ISqlGenerationHelper sql)
    {
        this.sql = sql;
        name = sql.DelimitIdentifier(table.Table.Name, table.Table.Schema);
        columns = [.. table.ColumnMappings.Select(mapping => new RowColumn(mapping, sql))];
        insert = $"INSERT INTO {name} ({string.Join(", ", columns.Select(column => column.Name))}) VALUES ({string.Join(", ", columns.Select((_, i) => Parameter(i)))})";
    }

    /// <param name="entity">Its properties are all fields of the class, and none is made by the database.</param>
    public static RowTable[] Of(IEntityType entity, ISqlGenerationHelper sql) => [.. entity.GetTableMappings().Select(table => new RowTable(table, sql))];

    /// <returns>Null when the table's columns are as they were.</returns>
    public RowStatement? Write(RowChange change) =>
        change.Before is { } before ? Update(before, change.After) : new RowStatement(insert, [.. columns.Select(column => new RowValue(column, column.Read(change.After)))], sql);

    private RowStatement? Update(object before, object after)
    {
        List<RowValue> values = [];
        var changed = columns.Where(column => !column.IsKey && !Equals(column.Read(before), column.Read(after))).Select(column => $"{column.Name} = {Add(column, after)}").ToList();
        if (changed.Count == 0) return null;
        var same = columns.Where(column => column.IsKey || column.IsToken)
            .Select(column => column.Read(before) is null ? $"{column.Name} IS NULL" : $"{column.Name} = {Add(column, before)}").ToList();
        return new RowStatement($"UPDATE {name} SET {string.Join(", ", changed)} WHERE {string.Join(" AND ", same)}", values, sql);

        string Add(RowColumn column, object entity)
        {
            values.Add(new RowValue(column, column.Read(entity)));
            return Parameter(values.Count - 1);
        }
    }

    private string Parameter(int index) => sql.GenerateParameterName(RowStatement.NameOf(index));
}

internal sealed class RowColumn(IColumnMapping mapping, ISqlGenerationHelper sql)
{
    private readonly IProperty property = mapping.Property;
    private readonly RelationalTypeMapping type = mapping.TypeMapping;

    public string Name { get; } = sql.DelimitIdentifier(mapping.Column.Name);

    public bool IsKey { get; } = mapping.Property.IsPrimaryKey();

    public bool IsToken { get; } = mapping.Property.IsConcurrencyToken;

    public object? Read(object entity) => property.GetGetter().GetClrValue(entity);

    public DbParameter ToParameter(DbCommand command, string name, object? value) => type.CreateParameter(command, name, value, property.IsNullable);
}

internal sealed record RowValue(RowColumn Column, object? Value);

/// <summary>One statement. The same kind of change gives the same text, so that a prepared one serves again.</summary>
internal sealed record RowStatement(string Text, IReadOnlyList<RowValue> Values, ISqlGenerationHelper Sql)
{
    private static readonly FrozenDictionary<int, string> Names = Enumerable.Range(0, 100).ToFrozenDictionary(i => i, i => string.Create(CultureInfo.InvariantCulture, $"p{i}"));

    public static string NameOf(int index) => Names[index];

    /// <param name="factory">Any command of the connection: it makes the parameters and is not changed.</param>
    public void AddParameters(DbParameterCollection parameters, DbCommand factory)
    {
        for (var i = 0; i < Values.Count; i++) parameters.Add(Values[i].Column.ToParameter(factory, Sql.GenerateParameterName(NameOf(i)), Values[i].Value));
    }
}
