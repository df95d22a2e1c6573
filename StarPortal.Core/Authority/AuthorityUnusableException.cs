namespace StarPortal.Core.Authority;

/// <summary>The files of the authority can't be used as they are; the message tells an administrator what to put right. It names paths: not for visitors.</summary>
public sealed class AuthorityUnusableException(string message, Exception? cause = null) : Exception(message, cause);
