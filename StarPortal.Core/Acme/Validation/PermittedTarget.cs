using System.Net;

namespace StarPortal.Core.Acme;

/// <summary>
/// A host and those of its addresses that passed the guard. Only <see cref="TargetResolver"/> makes one and <see cref="TargetConnector"/>
/// connects to nothing else, so that no name is resolved a second time, to something else, between the check and the connection.
/// </summary>
internal sealed record PermittedTarget(string Host, IReadOnlyList<IPAddress> Addresses);
