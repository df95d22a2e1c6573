namespace StarPortal.Core.Mail;

/// <summary>A message that lies in the Maildir.</summary>
/// <param name="Name">Unique in the Maildir, and the same wherever in it the file is moved: what stands before the flags.</param>
/// <param name="FullPath">Where it is now.</param>
/// <param name="Length">Octets.</param>
/// <param name="ArrivedAt">When the file was written.</param>
public sealed record IncomingFile(string Name, string FullPath, long Length, DateTimeOffset ArrivedAt);
