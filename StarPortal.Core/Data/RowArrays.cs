using System.Data.Common;
using Npgsql;

namespace StarPortal.Core.Data;

/// <summary>Rows of one shape as one statement, with an array for each column: PostgreSQL takes a tenth of the time that it takes for one by one.</summary>
internal static class RowArrays
{
    /// <param name="rows">All of one shape.</param>
    public static void Fill(DbBatchCommand command, IReadOnlyList<RowStatement> rows)
    {
        var shape = rows[0].Shape;
        command.CommandText = shape.ArrayText;
        for (var i = 0; i < shape.Columns.Count; i++)
            command.Parameters.Add(new NpgsqlParameter(shape.Names[i], ValuesOf(shape.Columns[i], rows, i)) { DataTypeName = $"{shape.Columns[i].StoreType}[]" });
    }

    private static Array ValuesOf(RowColumn column, IReadOnlyList<RowStatement> rows, int index)
    {
        var type = column.StoredType;
        if (type.IsValueType && Nullable.GetUnderlyingType(type) is null) type = typeof(Nullable<>).MakeGenericType(type);
        var values = Array.CreateInstance(type, rows.Count);
        for (var row = 0; row < rows.Count; row++) values.SetValue(column.ToStored(rows[row].Values[index]), row);
        return values;
    }
}
