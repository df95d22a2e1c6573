using System.Data.Common;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace StarPortal.Core.Data;

/// <summary>A column by EF's model: where its value is in the entity, and what the database is told of it.</summary>
internal sealed class RowColumn(IColumnMapping mapping, ISqlGenerationHelper sql)
{
    private readonly IProperty property = mapping.Property;
    private readonly RelationalTypeMapping type = mapping.TypeMapping;

    public string Name { get; } = sql.DelimitIdentifier(mapping.Column.Name);

    public bool IsKey { get; } = mapping.Property.IsPrimaryKey();

    public bool IsToken { get; } = mapping.Property.IsConcurrencyToken;

    /// <summary>Such as <c>character varying</c>, without a length.</summary>
    public string StoreType => type.StoreTypeNameBase;

    /// <summary>Of what <see cref="ToStored"/> returns.</summary>
    public Type StoredType => type.Converter?.ProviderClrType ?? type.ClrType;

    public object? Read(object entity) => property.GetGetter().GetClrValue(entity);

    public object? ToStored(object? value) => value is not null && type.Converter is { } converter ? converter.ConvertToProvider(value) : value;

    /// <param name="factory">Any command of the connection: it makes the parameter and is not changed.</param>
    public DbParameter ToParameter(DbCommand factory, string name, object? value) => type.CreateParameter(factory, name, value, property.IsNullable);
}
