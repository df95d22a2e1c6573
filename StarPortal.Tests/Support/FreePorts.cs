using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace StarPortal.Tests.Support;

internal static class FreePorts
{
    /// <summary>
    /// Loopback ports that were free a moment ago, all different, below the range that outgoing connections get theirs from: none of
    /// those takes one while a portal is down between two starts.
    /// </summary>
    public static int[] Take(int count)
    {
        HashSet<int> ports = [];
        while (ports.Count < count)
        {
            var port = RandomNumberGenerator.GetInt32(12_000, 32_000);
            if (IsFree(port)) ports.Add(port);
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
