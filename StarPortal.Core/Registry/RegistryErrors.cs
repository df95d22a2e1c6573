using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

internal static class RegistryErrors
{
    public static ServiceException ResourceNotFound() => new(ErrorKind.NotFound, "There is no such resource, or none that you may see.");

    public static ServiceException GroupNotFound() => new(ErrorKind.NotFound, "There is no such group, or none that you may see.");

    public static ServiceException RequestNotFound() => new(ErrorKind.NotFound, "There is no such request, or it is not yours.");

    public static ServiceException PermissionNotFound() => new(ErrorKind.NotFound, "There is no such permission.");

    public static ServiceException TokenNotFound() => new(ErrorKind.NotFound, "There is no such token.");

    public static ServiceException Field(string field, string detail) => new(ErrorKind.Invalid, detail, field);

    public static ServiceException Full(string detail) => new(ErrorKind.TooMany, detail);

    public static ServiceException Ended() => new(ErrorKind.Conflict, "This resource has been closed. Nobody may use it any more.");

    public static ServiceException Decided() => new(ErrorKind.Conflict, "This request does not wait any more: it was decided, withdrawn or has lapsed.");

    public static ServiceException Over() => new(ErrorKind.Conflict, "This permission has ended already.");

    public static ServiceException Revoked() => new(ErrorKind.Conflict, "This token has been revoked already.");

    public static ServiceException LastOwner() => new(ErrorKind.Conflict, "A resource keeps at least one owner: add another one first.");

    public static ServiceException Asked() => new(ErrorKind.Conflict, "You have asked already. The owners of the resource will decide.");

    public static ServiceException Allowed() => new(ErrorKind.Conflict, "You may use this resource already.");

    public static ServiceException Busy() => new(ErrorKind.Conflict, "Somebody else changed this at the same moment. Look again.");

    public static ServiceException NothingHeld() => new(ErrorKind.Conflict, "These removals do not wait any more: the registries have been compared since, or somebody was faster.");

    /// <summary>Wrong, unknown, revoked, of a closed resource: nobody learns which.</summary>
    public static ServiceException BadToken() => new(ErrorKind.Unauthenticated, "The token is missing or not in force.");

    public static ServiceException TooManyQuestions(TimeSpan wait) => new(ErrorKind.TooMany, "Too many questions with this token. Wait, then ask again.") { RetryAfter = wait };

    /// <param name="field">Of the form that names the person.</param>
    public static ServiceException NobodyOf(string field) => new(ErrorKind.Invalid, "Nobody here has this user name.", field);
}
