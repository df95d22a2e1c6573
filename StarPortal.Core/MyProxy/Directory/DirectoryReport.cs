namespace StarPortal.Core.MyProxy;

/// <summary>What became of a directory.</summary>
/// <param name="Done">Credentials that were written.</param>
/// <param name="Unchanged">That were there already.</param>
/// <param name="Removed">That are there no more.</param>
/// <param name="Problems">A line for each credential of which nothing became.</param>
public sealed record DirectoryReport(int Done, int Unchanged, int Removed, IReadOnlyList<string> Problems);
