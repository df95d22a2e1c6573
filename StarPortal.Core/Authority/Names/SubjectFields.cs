namespace StarPortal.Core.Authority;

/// <summary>What a subject template may be filled with: {fullName}, {uniqueSuffix}, {organisation}, {userName}, {email}.</summary>
/// <param name="FullName">As typed, in any script; a host's DNS name for host profiles.</param>
/// <param name="UniqueSuffix">Makes the name unique for life among people of one name, such as the first digits of the account's id.</param>
/// <param name="Organisation">Its name, printable ASCII.</param>
/// <param name="UserName">The account's.</param>
/// <param name="Email">The confirmed address.</param>
public sealed record SubjectFields(string FullName, string UniqueSuffix, string Organisation, string UserName, string Email);
