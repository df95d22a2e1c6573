using System.Text.Json.Serialization;

namespace StarPortal.Core.Registry;

/// <param name="Next">What <c>after</c> is for the next page; null: this is the last.</param>
internal sealed record PeopleJson(string Resource, IReadOnlyList<PersonJson> People, string? Next);

/// <param name="Account">The usual one of <paramref name="Accounts"/>.</param>
/// <param name="Until">Null: until somebody ends it.</param>
internal sealed record PersonJson(string User, string Dn, string? Account, IReadOnlyList<string> Accounts, DateTimeOffset? Until)
{
    public static PersonJson Of(AllowedPerson person) => new(person.UserName, person.Dn, person.Accounts.Count > 0 ? person.Accounts[0] : null, person.Accounts, person.Until);
}

/// <param name="Account">Null, as all that follows, when not allowed.</param>
internal sealed record DecisionJson(
    string Resource, string Dn, bool Allowed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? User,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Account,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Accounts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Until)
{
    public static DecisionJson Of(string resource, string dn, AllowedPerson? person) =>
        new(resource, dn, person is not null, person?.UserName, person?.Accounts.Count > 0 ? person.Accounts[0] : null, person?.Accounts, person?.Until);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeopleJson))]
[JsonSerializable(typeof(DecisionJson))]
internal sealed partial class RegistryJsonContext : JsonSerializerContext;
