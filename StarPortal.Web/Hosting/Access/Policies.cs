using Microsoft.AspNetCore.Authorization;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting.Access;

/// <summary>
/// Who may open a page: <c>@attribute [Authorize(Policy = Policies.Officer)]</c>. It keeps people off pages that are not theirs; the services
/// decide for themselves what an actor may do.
/// </summary>
public static class Policies
{
    public const string SignedIn = nameof(SignedIn);
    public const string Officer = nameof(Officer);
    public const string Administrator = nameof(Administrator);

    /// <summary>Auditors, and administrators.</summary>
    public const string Auditor = nameof(Auditor);

    /// <summary>Who owns domain names.</summary>
    public const string Owner = nameof(Owner);

    /// <summary>Owners; administrators and auditors, who see everybody's.</summary>
    public const string OwnerOrAuditor = nameof(OwnerOrAuditor);

    /// <summary>Officers, administrators and auditors: the services say which rows each of them sees.</summary>
    public const string Staff = nameof(Staff);

    /// <summary>Officers, and administrators.</summary>
    public const string OfficerOrAdministrator = nameof(OfficerOrAdministrator);

    internal static void Add(AuthorizationOptions options)
    {
        Add(options, SignedIn);
        Add(options, Officer, PortalRole.Officer);
        Add(options, Administrator, PortalRole.Administrator);
        Add(options, Auditor, PortalRole.Auditor, PortalRole.Administrator);
        Add(options, Owner, PortalRole.Owner);
        Add(options, OwnerOrAuditor, PortalRole.Owner, PortalRole.Administrator, PortalRole.Auditor);
        Add(options, Staff, PortalRole.Officer, PortalRole.Administrator, PortalRole.Auditor);
        Add(options, OfficerOrAdministrator, PortalRole.Officer, PortalRole.Administrator);
        options.DefaultPolicy = options.GetPolicy(SignedIn)!;
    }

    private static void Add(AuthorizationOptions options, string name, params PortalRole[] roles) =>
        options.AddPolicy(name, policy => policy.AddRequirements(new RoleRequirement(roles)));
}

/// <summary>One of these roles, in force now; with none named, anybody who is signed in.</summary>
internal sealed record RoleRequirement(IReadOnlyList<PortalRole> Roles) : IAuthorizationRequirement;
