using System;
using System.Collections.Generic;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>The streams of one scene, by handle and by layer.</summary>
    /// <remarks>The connection's thread changes it; other threads look at <see cref="Open"/>, which is never changed.</remarks>
    internal sealed class StreamTable
    {
        private readonly Dictionary<int, LayerStream> _byHandle = new Dictionary<int, LayerStream>();
        private volatile LayerStream[] _open = new LayerStream[0];

        /// <summary>Streams that are open or fade out.</summary>
        public LayerStream[] Open
        {
            get { return _open; }
        }

        /// <summary>Returns the stream of a handle, or null.</summary>
        public LayerStream Of(int handle)
        {
            _byHandle.TryGetValue(handle, out LayerStream stream);
            return stream;
        }

        /// <summary>Returns the stream of a layer, also one that fades out, or null. Any thread.</summary>
        public LayerStream Find(string layer)
        {
            foreach (LayerStream stream in _open)
            {
                if (stream.Layer == layer)
                {
                    return stream;
                }
            }

            return null;
        }

        /// <summary>Takes up a stream under its handle of today, and lets go of those that are not heard any more.</summary>
        public void Put(LayerStream added, long positionFrame)
        {
            _byHandle[added.Handle] = added;
            List<LayerStream> kept = new List<LayerStream>();
            foreach (LayerStream stream in _open)
            {
                if (stream.Layer != added.Layer && stream.HeardFrom(positionFrame))
                {
                    kept.Add(stream);
                }
            }

            kept.Add(added);
            _open = kept.ToArray();
        }

        /// <summary>Lets a handle go; returns its stream, or null.</summary>
        public LayerStream Remove(int handle)
        {
            LayerStream stream = Of(handle);
            _byHandle.Remove(handle);
            return stream;
        }

        /// <summary>Lets all handles go; returns the streams that have no end.</summary>
        public LayerStream[] Restart()
        {
            _byHandle.Clear();
            return Array.FindAll(_open, stream => stream.EndFrame == LayerStream.Never);
        }

        /// <summary>Names the streams that are open.</summary>
        public int[] Handles()
        {
            int[] handles = new int[_byHandle.Count];
            _byHandle.Keys.CopyTo(handles, 0);
            return handles;
        }

        /// <summary>Whether samples of a frame are due of any stream. Any thread.</summary>
        public bool IsAnyDue(long frame)
        {
            foreach (LayerStream stream in _open)
            {
                if (stream.FirstFrame <= frame && stream.LivesAt(frame))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether any stream goes on at a frame. Any thread.</summary>
        public bool IsAnyAlive(long frame)
        {
            foreach (LayerStream stream in _open)
            {
                if (stream.LivesAt(frame))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
