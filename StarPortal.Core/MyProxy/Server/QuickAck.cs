using System.Net.Sockets;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// The C client writes its <c>0</c> and its request as two small segments, and waits for the first to be acknowledged before it sends the second: with a delayed acknowledgement
/// each logon takes 50 ms longer. The option does not stick, so that it is set again after each.
/// </summary>
internal static class QuickAck
{
    private const int TcpLevel = 6;
    private const int TcpQuickAck = 12;

    public static void Set(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.SetRawSocketOption(TcpLevel, TcpQuickAck, [1, 0, 0, 0]);
        }
        catch (SocketException)
        {
            // The client is gone; whoever reads next sees it.
        }
    }
}
