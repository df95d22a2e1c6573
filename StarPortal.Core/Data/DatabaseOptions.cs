using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Data;

public enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
    SqlServer,
}

/// <summary>Section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    [EnumDataType(typeof(DatabaseProvider))]
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>Default for SQLite: <c>portal.db</c> in <c>Portal:DataDirectory</c>. The other providers need one.</summary>
    public string? ConnectionString { get; set; }
}
