using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StarPortal.Core.Enrollment;

/// <summary>Lists that belong to one row and are never searched: JSON in a text column, written once.</summary>
internal static class JsonText
{
    public static PropertyBuilder<IReadOnlyList<T>> HasJsonText<T>(this PropertyBuilder<IReadOnlyList<T>> property) =>
        property.HasConversion(
            list => JsonSerializer.Serialize(list, JsonSerializerOptions.Web),
            text => JsonSerializer.Deserialize<List<T>>(text, JsonSerializerOptions.Web) ?? new List<T>(),
            new ValueComparer<IReadOnlyList<T>>((a, b) => ReferenceEquals(a, b), list => list.Count, list => list));
}
